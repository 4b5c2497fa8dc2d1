package org.alignment4j.core.report;

/** Writes what several voices said. */
final class DialoguesHtml {
  private static final int VOICES = 8;

  private final Html html;

  DialoguesHtml(Html html) {
    this.html = html;
  }

  void dialogues(Section.Dialogues section) {
    for (int i = 0; i < section.dialogues().size(); i++) {
      dialogue(section.dialogues().get(i), i < section.open());
    }
  }

  private void dialogue(Dialogue dialogue, boolean open) {
    if (open) {
      html.open("details", "class", "dialogue", "open", "");
    } else {
      html.open("details", "class", "dialogue");
    }
    html.open("summary");
    if (!dialogue.label().isEmpty()) {
      html.element("span", dialogue.label(), "class", "label", "dir", "auto");
    }
    html.isolated(dialogue.title());
    dialogue.verdict().ifPresent(this::verdict);
    html.close();
    if (!dialogue.facts().isEmpty()) {
      html.open("dl");
      dialogue
          .facts()
          .forEach(
              (name, value) ->
                  html.open("div")
                      .element("dt", name, "dir", "auto")
                      .element("dd", value, "dir", "auto")
                      .close());
      html.close();
    }
    dialogue.contributions().forEach(this::contribution);
    html.close();
  }

  private void verdict(Section.Verdict verdict) {
    html.open("span", "class", verdict.good() ? "mark good" : "mark bad")
        .text(verdict.good() ? " ✓ " : " ✗ ")
        .isolated(verdict.text())
        .close();
  }

  private void contribution(Dialogue.Contribution said) {
    html.open("div", "class", "said c" + said.voice() % VOICES);
    html.open("h3", "dir", "auto").isolated(said.speaker());
    if (!said.note().isEmpty()) {
      html.element("span", said.note(), "class", "cost");
    }
    html.close();
    html.open("p", "dir", "auto");
    for (Dialogue.Span span : said.spans()) {
      if (span.mark() == Dialogue.Mark.PLAIN) {
        html.text(span.text());
      } else if (span.mark() == Dialogue.Mark.VERIFIED) {
        html.element("mark", "“" + span.text() + "” ✓", "class", "verified");
      } else {
        html.element("mark", "“" + span.text() + "” ✗", "class", "refuted");
      }
    }
    html.close();
    if (!said.hidden().isEmpty()) {
      html.open("details", "class", "hidden").element("summary", "not read by the others");
      html.element("pre", said.hidden(), "dir", "auto").close();
    }
    html.close();
  }
}
