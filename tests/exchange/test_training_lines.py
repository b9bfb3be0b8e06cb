"""Examples to train on have the columns that TRL names for each type and format of data set."""

from fusion_ui.exchange.training_lines import preference_line, supervised_line

ASKED = {"role": "user", "content": "Why?"}
GOOD, BAD = ({"role": "assistant", "content": text} for text in ("So.", "No."))


def test_a_preference_is_three_columns_of_messages_or_of_text() -> None:
    told = preference_line("Why?", chosen="So.", rejected="No.", form="conversational")
    assert told == {"prompt": [ASKED], "chosen": [GOOD], "rejected": [BAD]}
    told = preference_line("Why?", chosen="So.", rejected="No.", form="standard")
    assert told == {"prompt": "Why?", "chosen": "So.", "rejected": "No."}


def test_supervised_examples_have_a_prompt_and_a_completion_or_messages() -> None:
    told = supervised_line("Why?", completion="So.", form="conversational")
    assert told == {"prompt": [ASKED], "completion": [GOOD]}
    assert supervised_line("Why?", completion="So.", form="messages") == {"messages": [ASKED, GOOD]}
    assert supervised_line("Why?", completion="So.", form="standard") == {"prompt": "Why?", "completion": "So."}
