import pytest

from hypervigil.report.markdown import as_html


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a *b* `c`", "<p>a <em>b</em> <code>c</code></p>\n"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](data:text/html,y)", "<p>[x](data:text/html,y)</p>\n"),
        ("[x](https://example.com)", '<p><a href="https://example.com" rel="noreferrer noopener">x</a></p>\n'),
        (
            "![x](https://example.com/a.png)",
            '<p>!<a href="https://example.com/a.png" rel="noreferrer noopener">x</a></p>\n',
        ),
        ("# x", "<h5>x</h5>\n"),
        ("x\n===", "<h5>x</h5>\n"),
        ("    $_ < 1", "<pre><code>$_ &lt; 1\n</code></pre>\n"),
    ],
)
def test_markdown(text: str, made: str) -> None:
    assert str(as_html(text)) == made


def test_tables_have_no_style_attribute() -> None:
    assert "style" not in as_html("| a | b |\n|:-:|--:|\n| 1 | 2 |")
    assert '<th scope="col">b</th>' in as_html("| a | b |\n|:-:|--:|\n| 1 | 2 |")
    assert "<td>2</td>" in as_html("| a | b |\n|:-:|--:|\n| 1 | 2 |")


def test_controls_of_the_report_are_linked() -> None:
    made = as_html("See LM-002, `LM-002`, [LM-002](https://e.com) and LM-003.", frozenset({"LM-002"}))
    assert made.startswith('<p>See <a href="#c-LM-002">LM-002</a>, <code>LM-002</code>, <a href="https://e.com"')
    assert made.endswith("and LM-003.</p>\n")
    assert made.count("<a ") == 2
