"""How a business day went on the phones of a location: `figures` counts, `run` reads and mails."""
