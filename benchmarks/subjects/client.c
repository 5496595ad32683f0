/* What the machine allows: a program in C that sends and receives many datagrams with one system call.
 *
 *     cc -O2 -o client client.c; ./client HOST PORT FOLDER
 *
 * Its documents are encoded beforehand, in files WORKLOAD.STEP, with a byte 1 where the Call-ID belongs. It reads each
 * reply as bencode, from the first byte to the last, and looks at the result. It does not resend, does not limit what
 * is in flight, and keeps nothing of a reply. The orders and the answers are described in orders.py.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_STEPS = 8, MOST_SLOTS = 1024, AT_ONCE = 64, LONGEST = 65536, DEEPEST = 64 };
static const double TIMEOUT = 3.0; /* seconds, as TIMEOUT in orders.py */

/* A document, in two parts if a Call-ID belongs between them. */
struct step {
    char *bytes;
    size_t size, before;
    bool has_call_id;
};

/* A caller: what it has sent, and since when it waits. */
struct slot {
    long unit, sequence;
    int step;
    bool waits, is_over;
    double unit_begun, sent;
    char message[LONGEST];
    size_t size;
};

static struct slot slots[MOST_SLOTS];
static char received[AT_ONCE][LONGEST];
static char failure[256];

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static double cpu(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static long peak(void)
{
    char line[256];
    long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1)
            break;
    if (status)
        fclose(status);
    return kib;
}

/* Return what follows a bencoded string, and where it is; NULL if there is none. */
static const char *string(const char *at, const char *end, const char **text, size_t *size)
{
    *size = 0;
    for (; at < end && *at >= '0' && *at <= '9'; at++)
        *size = *size * 10 + (*at - '0');
    if (at >= end || *at != ':' || *size > (size_t)(end - at - 1))
        return NULL;
    *text = at + 1;
    return at + 1 + *size;
}

/* Return what follows a bencoded value, or NULL. On the way, find the result in the outermost dictionary. */
static const char *value(const char *at, const char *end, int depth, const char **result, size_t *result_size)
{
    const char *text, *key;
    size_t size, key_size;
    if (at >= end || depth > DEEPEST)
        return NULL;
    if (*at == 'i') {
        for (at++; at < end && *at != 'e'; at++)
            if (*at != '-' && (*at < '0' || *at > '9'))
                return NULL;
        return at < end ? at + 1 : NULL;
    }
    if (*at != 'd' && *at != 'l')
        return string(at, end, &text, &size);
    bool is_dictionary = *at++ == 'd';
    while (at && at < end && *at != 'e') {
        if (is_dictionary) {
            if (!(at = string(at, end, &key, &key_size)))
                return NULL;
            if (depth == 0 && key_size == 6 && !memcmp(key, "result", 6) && !string(at, end, result, result_size))
                return NULL;
        }
        at = value(at, end, depth + 1, result, result_size);
    }
    return at && at < end ? at + 1 : NULL;
}

static bool is_fine(const char *document, size_t size)
{
    const char *result = NULL;
    size_t result_size = 0;
    if (value(document, document + size, 0, &result, &result_size) == document + size && result &&
        ((result_size == 2 && !memcmp(result, "ok", 2)) || (result_size == 4 && !memcmp(result, "pong", 4))))
        return true;
    snprintf(failure, sizeof failure, "the daemon says %.*s", (int)(size < 100 ? size : 100), document);
    for (char *at = failure; *at; at++)
        if (*at == '"' || *at == '\\' || *at < ' ')
            *at = '\'';
    return false;
}

static int read_steps(const char *folder, const char *workload, struct step *steps)
{
    int count = 0;
    for (; count < MOST_STEPS; count++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s.%d", folder, workload, count);
        FILE *file = fopen(path, "rb");
        if (!file)
            break;
        struct step *step = &steps[count];
        step->bytes = malloc(LONGEST);
        step->size = fread(step->bytes, 1, LONGEST / 2, file);
        fclose(file);
        char *mark = memchr(step->bytes, 1, step->size);
        step->has_call_id = mark != NULL;
        step->before = mark ? (size_t)(mark - step->bytes) : step->size;
    }
    return count;
}

static void compose(struct slot *slot, long number, const struct step *step, const char *prefix)
{
    char call_id[128];
    char *at = slot->message;
    at += sprintf(at, "%d_%s_%ld_%ld ", (int)getpid(), prefix, number, slot->sequence);
    at = mempcpy(at, step->bytes, step->before);
    if (step->has_call_id) {
        int size = snprintf(call_id, sizeof call_id, "%s-%ld", prefix, slot->unit);
        at += sprintf(at, "%d:%s", size, call_id);
        at = mempcpy(at, step->bytes + step->before + 1, step->size - step->before - 1);
    }
    slot->size = at - slot->message;
}

/* Send what the callers have composed; return false if the system refuses. */
static bool send_all(int sock, struct mmsghdr *headers, unsigned count)
{
    for (unsigned sent = 0; sent < count;) {
        int done = sendmmsg(sock, headers + sent, count - sent, 0);
        if (done < 0) {
            snprintf(failure, sizeof failure, "sendmmsg: %s", strerror(errno));
            return false;
        }
        sent += done;
    }
    return true;
}

static int compare(const void *one, const void *other)
{
    double difference = *(const double *)one - *(const double *)other;
    return (difference > 0) - (difference < 0);
}

static void run(int sock, const char *folder, const char *workload, long count, long in_flight, const char *prefix)
{
    struct step steps[MOST_STEPS];
    int number_of_steps = read_steps(folder, workload, steps);
    if (!number_of_steps) {
        printf("{\"skipped\": \"not of this subject\"}\n");
        return;
    }
    if (in_flight > MOST_SLOTS)
        in_flight = MOST_SLOTS;
    static struct mmsghdr outgoing[MOST_SLOTS], incoming[AT_ONCE];
    static struct iovec outgoing_parts[MOST_SLOTS], incoming_parts[AT_ONCE];
    double *times = malloc(count * sizeof *times);
    long next = 0, done = 0, lost = 0, active = 0;
    memset(incoming, 0, sizeof incoming);
    memset(outgoing, 0, sizeof outgoing);
    for (int i = 0; i < AT_ONCE; i++) {
        incoming_parts[i] = (struct iovec){received[i], LONGEST};
        incoming[i].msg_hdr.msg_iov = &incoming_parts[i];
        incoming[i].msg_hdr.msg_iovlen = 1;
    }
    for (long i = 0; i < in_flight; i++) {
        slots[i].waits = slots[i].is_over = false;
        slots[i].step = number_of_steps; /* so that it begins a unit */
        slots[i].sequence = 0;
    }
    failure[0] = 0;
    double cpu_begun = cpu(), begun = now(), checked = begun;
    do {
        unsigned ready = 0;
        double time = now();
        for (long i = 0; i < in_flight; i++) {
            struct slot *slot = &slots[i];
            if (slot->waits || slot->is_over)
                continue;
            if (slot->step == number_of_steps) {
                if (next == count) {
                    slot->is_over = true;
                    continue;
                }
                slot->unit = next++;
                slot->step = 0;
                slot->unit_begun = time;
                active++;
            }
            slot->sequence++;
            compose(slot, i, &steps[slot->step], prefix);
            slot->waits = true;
            slot->sent = time;
            outgoing_parts[ready] = (struct iovec){slot->message, slot->size};
            outgoing[ready].msg_hdr.msg_iov = &outgoing_parts[ready];
            outgoing[ready++].msg_hdr.msg_iovlen = 1;
        }
        if (!send_all(sock, outgoing, ready) || !active)
            break;
        int arrived = recvmmsg(sock, incoming, AT_ONCE, MSG_WAITFORONE, NULL);
        if (arrived < 0 && errno != EAGAIN && errno != EINTR) {
            snprintf(failure, sizeof failure, "recvmmsg: %s", strerror(errno));
            break;
        }
        time = now();
        for (int i = 0; i < arrived && !failure[0]; i++) {
            /* The cookie ends in the number of the caller and that of its request. */
            char *message = received[i], *space = memchr(message, ' ', incoming[i].msg_len), *mark;
            if (!space || !(mark = memrchr(message, '_', space - message)))
                continue;
            long sequence = strtol(mark + 1, NULL, 10);
            if (!(mark = memrchr(message, '_', mark - message)))
                continue;
            long number = strtol(mark + 1, NULL, 10);
            if (number < 0 || number >= in_flight || !slots[number].waits || slots[number].sequence != sequence)
                continue;
            struct slot *slot = &slots[number];
            if (!is_fine(space + 1, incoming[i].msg_len - (space + 1 - message)))
                break;
            slot->waits = false;
            if (++slot->step == number_of_steps) {
                times[done++] = time - slot->unit_begun;
                active--;
            }
        }
        /* The socket's own timeout lets this happen when nothing arrives. */
        if (time - checked > 0.1) {
            checked = time;
            for (long i = 0; i < in_flight; i++)
                if (slots[i].waits && time - slots[i].sent > TIMEOUT) {
                    slots[i].waits = false;
                    slots[i].step = number_of_steps;
                    slots[i].sequence++; /* a late reply is none */
                    lost++;
                    active--;
                }
        }
    } while (!failure[0]);
    double wall = now() - begun, used = cpu() - cpu_begun;
    qsort(times, done, sizeof *times, compare);
    if (failure[0])
        printf("{\"error\": \"%s\"}\n", failure);
    else
        printf("{\"wall\": %.6f, \"cpu\": %.6f, \"requests\": %ld, \"lost\": %ld, \"p50\": %.2f, \"peak\": %ld}\n", wall,
               used, done * number_of_steps + lost, lost, done ? times[done / 2] * 1e6 : 0.0, peak());
    free(times);
    for (int i = 0; i < number_of_steps; i++)
        free(steps[i].bytes);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: client HOST PORT FOLDER\n");
        return 2;
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &address.sin_addr);
    int sock = socket(AF_INET, SOCK_DGRAM, 0), buffer = 1 << 20;
    struct timeval patience = {.tv_usec = 100000};
    setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (connect(sock, (struct sockaddr *)&address, sizeof address) < 0) {
        perror("connect");
        return 1;
    }
    char line[512], workload[64], prefix[64];
    long count, in_flight;
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "run %63s %ld %ld %63s", workload, &count, &in_flight, prefix) == 4)
            run(sock, argv[3], workload, count, in_flight, prefix);
        else
            printf("{\"error\": \"no order\"}\n");
        fflush(stdout);
    }
    return 0;
}
