{ name }: 1
