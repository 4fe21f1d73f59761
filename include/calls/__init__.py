"""The phones: which calls were missed, who hears of it and when, and how a day went.

`departments` says whose a call is, `placing` and `recording` bring calls out of the inbox into `calls.call`,
`alerts` decides what is worth a mail, `callers` and `alert_mail` say it, `all_clear` says when it is over, `mutes`
keeps silent for a while, `watch` is all of that in the order of a run. `summary/` is the day's end.
"""
