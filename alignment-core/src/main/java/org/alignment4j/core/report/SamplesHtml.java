package org.alignment4j.core.report;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes prompts with replies. */
final class SamplesHtml {
  private static final int SUMMARY_LENGTH = 140;

  private final Html html;

  SamplesHtml(Html html) {
    this.html = html;
  }

  /** As with tabs, radio buttons hide what is not of the kind. */
  void browser(Section.Browser section, String group) {
    List<String> kinds = List.copyOf(section.kinds().keySet());
    StringBuilder rules = new StringBuilder();
    for (int k = 0; k < kinds.size(); k++) {
      String id = group + "-" + k;
      rules.append('#').append(id).append(":checked ~ .sample:not(.").append(id);
      rules.append(") { display: none; }\n");
    }
    html.open("div", "class", "filters").style(rules.toString());
    if (!kinds.isEmpty()) {
      String all = group + "-all";
      html.empty("input", "type", "radio", "name", group, "id", all, "checked", "");
      html.element("label", "all (" + section.samples().size() + ")", "for", all);
    }
    for (int k = 0; k < kinds.size(); k++) {
      String id = group + "-" + k;
      String kind = kinds.get(k);
      html.empty("input", "type", "radio", "name", group, "id", id);
      html.open("label", "for", id, "dir", "auto").isolated(kind);
      html.text(" (" + section.kinds().get(kind) + ")").close();
    }
    Set<String> alike = alike(section.samples().stream().map(Section.Sorted::sample).toList());
    for (Section.Sorted sorted : section.samples()) {
      StringBuilder classes = new StringBuilder("sample");
      sorted.kinds().forEach(kind -> classes.append(' ').append(group + "-" + kinds.indexOf(kind)));
      sample(sorted.sample(), classes.toString(), false, alike);
    }
    html.close();
  }

  void samples(Section.Samples section) {
    Set<String> alike = alike(section.samples());
    for (int i = 0; i < section.samples().size(); i++) {
      sample(section.samples().get(i), "sample", i < section.open(), alike);
    }
  }

  /** Beginnings that several prompts share, as those after the same examples do. */
  private static Set<String> alike(List<Section.Sample> samples) {
    Set<String> once = new HashSet<>();
    Set<String> alike = new HashSet<>();
    for (Section.Sample sample : samples) {
      String start = start(line(sample.prompt()));
      if (!once.add(start)) {
        alike.add(start);
      }
    }
    return alike;
  }

  private void sample(Section.Sample sample, String classes, boolean open, Set<String> alike) {
    if (open) {
      html.open("details", "class", classes, "open", "");
    } else {
      html.open("details", "class", classes);
    }
    String summary = summary(sample.prompt(), alike);
    html.open("summary");
    if (!sample.label().isEmpty()) {
      html.element("span", sample.label(), "class", "label", "dir", "auto");
    }
    html.isolated(summary).close();
    if (!summary.equals(sample.prompt())) {
      html.element("pre", sample.prompt(), "class", "prompt", "dir", "auto");
    }
    html.open("div", "class", "replies");
    sample.replies().forEach(this::reply);
    html.close().close();
  }

  private void reply(Section.Reply reply) {
    html.open("div", "class", "reply").element("h3", reply.model(), "dir", "auto");
    html.element("pre", reply.text(), "dir", "auto");
    reply
        .verdict()
        .ifPresent(
            verdict ->
                html.open("p", "class", verdict.good() ? "mark good" : "mark bad")
                    .text(verdict.good() ? "✓ " : "✗ ")
                    .isolated(verdict.text())
                    .close());
    html.close();
  }

  private static String line(String prompt) {
    return prompt.strip().replaceAll("\\s+", " ");
  }

  private static String start(String line) {
    return line.codePointCount(0, line.length()) <= SUMMARY_LENGTH
        ? line
        : line.substring(0, line.offsetByCodePoints(0, SUMMARY_LENGTH)) + "…";
  }

  /** The beginning of a prompt, or its end where others begin like it. */
  private static String summary(String prompt, Set<String> alike) {
    String line = line(prompt);
    String start = start(line);
    return start.equals(line) || !alike.contains(start)
        ? start
        : "…" + line.substring(line.offsetByCodePoints(line.length(), -SUMMARY_LENGTH));
  }
}
