//! choucha
