"""A telephone system that speaks ARI as Asterisk does. Nobody hears anything; its events tell of calls."""
