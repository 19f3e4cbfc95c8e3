"""The phone driver that runs by itself: SIP by sippy, sound by rtp.io, in a process of their own."""
