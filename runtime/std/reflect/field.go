package reflect

// Field returns field i of a struct type.
func (t *structType) Field(i int) StructField {
	if i < 0 || i >= len(t.Fields) {
		panic("reflect: Field index out of bounds")
	}
	field := &t.Fields[i]
	f := StructField{
		Name:      field.Name.Name(),
		Type:      toType(field.Typ),
		Tag:       StructTag(field.Name.Tag()),
		Offset:    field.Offset,
		Anonymous: field.Embedded(),
		// Callers may write to it: each has its own.
		Index: []int{i},
	}
	if !field.Name.IsExported() {
		f.PkgPath = t.PkgPath.Name()
	}
	return f
}
