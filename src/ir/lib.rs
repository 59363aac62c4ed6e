//! The SSA form: data, text printer and reader, verifier, control-flow graph, dominators.
