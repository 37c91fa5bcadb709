"""What a good report says, and what advice does harm: patterns that several kinds share."""

RAISE = r"(raise|increase|enlarge)\b.{0,15}\brate"
LOWER = r"\b(lower|cut|reduce|decrease)\b.{0,25}\brate|tenth of the rate"
ZERO = (r"zero_grad", r"accumulat", r"never (zeroed|cleared)", r"not (zeroed|cleared)", r"stale gradient")
NOT_GIVEN = (r"never given", r"not given to", r"other parameters", r"left out", r"optimizer (does not|lacks|has not)",
             r"in no (optimizer|group)", r"does not hold", r"model was (replaced|copied)")
HAND = (r"between (the |two )?steps", r"another hand", r"(over)?written (from )?outside", r"not (by )?the optimizer",
        r"overwrit", r"copied back", r"something else (changes|changed|writes|moved)", r"changed outside")
TOO_HIGH = (r"rate_too_high", r"rate is.{0,25}(too high|too large|above)", r"too (high|large) a rate",
            r"rate.{0,30}above", r"steps are (far )?too long", r"steps? (are|is) so long",
            r"edge of stability", r"peak rate is more")
TOO_LOW = (r"rate.{0,40}(too (low|small)|almost nothing)", r"steps? (are|is) (far )?too short",
           r"too (low|small) a rate", r"raise the (learning )?rate", r"hardly move")
NUMBERS = (r"\bNaN\b", r"non_finite", r"infinit", r"overflow")
SCHEDULE = (r"schedule", r"ran out", r"decayed", r"rate (fell|falls|has fallen|ended|is 0|was 0)", r"per batch")
