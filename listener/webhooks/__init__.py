"""Order webhooks: checked, put into our words, and committed before the sender hears a 2xx."""
