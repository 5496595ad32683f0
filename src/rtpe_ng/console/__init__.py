"""What a person uses: the command ``rtpe-ng``, its demo, and the await-ready prompt."""
