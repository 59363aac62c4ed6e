//! Boards in YAML: schema, inheritance, pins, resolved into a Target.
