"""What tests share: engines and peers to talk to, bodies and flags to send, and the comparison of two engines."""
