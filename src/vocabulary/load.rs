//! Loads the vocabulary from its YAML files.
