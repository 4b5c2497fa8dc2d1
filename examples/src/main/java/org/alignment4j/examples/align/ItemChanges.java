package org.alignment4j.examples.align;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;

/**
 * Item by item, what alignment changed; and which items show it, chosen by a rule rather than by
 * hand.
 */
final class ItemChanges {

  /** In this order samples are shown: first what got better, then what did not. */
  private static final List<Change> SHOWN =
      List.of(Change.PUT_RIGHT, Change.SPOILT, Change.STILL_WRONG, Change.PUT_RIGHT);

  private final List<Profile> models;
  private final Map<Change, Map<JudgedReply.Kind, List<String>>> messages =
      new EnumMap<>(Change.class);

  /**
   * The changes from one model to another.
   *
   * @param before the model before
   * @param after the model after
   * @param models those whose replies samples show, in order
   */
  ItemChanges(Profile before, Profile after, List<Profile> models) {
    this.models = List.copyOf(models);
    before
        .replies()
        .forEach(
            (message, reply) -> {
              JudgedReply other = after.replies().get(message);
              if (other != null) {
                messages
                    .computeIfAbsent(
                        Change.between(reply, other), c -> new EnumMap<>(JudgedReply.Kind.class))
                    .computeIfAbsent(reply.kind(), k -> new ArrayList<>())
                    .add(message);
              }
            });
  }

  /** How many items of each kind changed in which way. */
  Table counts() {
    List<String> columns = new ArrayList<>(List.of("items"));
    for (Change change : Change.values()) {
      columns.add(change.title());
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (JudgedReply.Kind kind : JudgedReply.Kind.values()) {
      List<Cell> row = new ArrayList<>(List.of(Cell.text(kind.title() + "s")));
      for (Change change : Change.values()) {
        row.add(Cell.count(of(change, kind).size()));
      }
      rows.add(row);
    }
    return new Table(columns, rows);
  }

  private List<String> of(Change change, JudgedReply.Kind kind) {
    return messages.getOrDefault(change, Map.of()).getOrDefault(kind, List.of());
  }

  /**
   * One item of each kind and change at most, two where alignment put them right. Of several, that
   * on which the models' verdicts differ most; of equals, the first.
   */
  List<Section.Sample> samples() {
    List<String> chosen = new ArrayList<>();
    List<Section.Sample> samples = new ArrayList<>();
    for (Change change : SHOWN) {
      for (JudgedReply.Kind kind : JudgedReply.Kind.values()) {
        of(change, kind).stream()
            .filter(message -> !chosen.contains(message))
            .max(Comparator.comparingLong(this::disagreement))
            .ifPresent(
                message -> {
                  chosen.add(message);
                  samples.add(sample(message, change));
                });
      }
    }
    return samples;
  }

  /** Pairs of neighbouring models with verdicts of different worth. */
  private long disagreement(String message) {
    long changes = 0;
    for (int i = 1; i < models.size(); i++) {
      changes += reply(i, message).good() == reply(i - 1, message).good() ? 0 : 1;
    }
    return changes;
  }

  private JudgedReply reply(int model, String message) {
    JudgedReply reply = models.get(model).replies().get(message);
    if (reply == null) {
      throw new IllegalStateException(
          "every model must have a reply to every item but "
              + models.get(model).name()
              + " has none to '"
              + message
              + "'");
    }
    return reply;
  }

  private Section.Sample sample(String message, Change change) {
    JudgedReply first = reply(0, message);
    Section.Sample sample =
        Section.Sample.of(message)
            .labelled(first.kind().title() + ", " + change.title() + "; wanted: " + first.wanted());
    for (int i = 0; i < models.size(); i++) {
      JudgedReply reply = reply(i, message);
      sample =
          sample.reply(
              models.get(i).name(),
              reply.text().isEmpty() ? "(empty)" : reply.text(),
              new Section.Verdict(reply.verdict(), reply.good()));
    }
    return sample;
  }
}
