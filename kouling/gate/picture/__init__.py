"""Pictures: bytes that nobody trusts become signals.

Hostile bytes are decoded, hashed and read in worker processes with limits (`worker`, run by
`pool`); what comes back is small and plain (`look`). The rest decides what to ask of them.
"""
