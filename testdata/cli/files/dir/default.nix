"from dir"
