//! What a file of tests must and must not do.
