"""The untrusted side: what runs in the zygote and in the process of a submission, and the wire that leads to it.

Nothing in this package knows a lesson. It is all that a submission's process has of `autograder`.
"""
