{ name }: "foo of ${name}"
