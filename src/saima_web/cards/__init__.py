"""Yellow and red cards: proposed by rules, issued by a person, answered, lifted or escalated."""
