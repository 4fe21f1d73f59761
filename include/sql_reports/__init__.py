"""SQL reports: what people define, how it is kept harmless, run, checked and sent."""
