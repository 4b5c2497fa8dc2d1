package org.alignment4j.core.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.Ranking;
import org.apiguardian.api.API;

/**
 * Reads rankings of two or more answers to a prompt. The prompt is text or a list of {@code
 * role}/{@code content} messages, with an optional text {@code system}. The form of the answers is
 * told by the first row, and every other row must have it too:
 *
 * <ul>
 *   <li>{@code responses}, a list of texts, with {@code scores}, a list of numbers of which higher
 *       is better, or with {@code ranks}, of which lower is better;
 *   <li>{@code responses}, a list of objects with {@code text} and either {@code score} or {@code
 *       rank};
 *   <li>{@code ranked}, a list of texts, best first, without ties;
 *   <li>{@code completions}, a list of objects with {@code response} and {@code overall_score}, as
 *       in UltraFeedback (Cui et al. 2023), where the prompt may be named {@code instruction}.
 * </ul>
 *
 * <p>Equal numbers are ties; of ranks r the scores are -r. Answers of equal numbers stay in the
 * order of the file. Missing numbers, numbers that are not finite, empty answers, and equal answers
 * that are ranked differently are faults of their row. {@link PairSelection} makes preference pairs
 * of rankings.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Rankings {

  private static final String RESPONSES = "responses";
  private static final String SCORES = "scores";
  private static final String RANKS = "ranks";
  private static final String RANKED = "ranked";
  private static final String COMPLETIONS = "completions";

  private Rankings() {}

  /**
   * Reads all rankings of a file, strictly.
   *
   * @throws DataFormatException if anything in the file breaks the format
   */
  public static Dataset<Ranking> read(Path path) {
    return read(path, ReadOptions.strict());
  }

  /**
   * Reads all rankings of a file.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static Dataset<Ranking> read(Path path, ReadOptions options) {
    return Dataset.read(path, options, new Parser());
  }

  /**
   * Hands on the rankings of a file one by one, without holding them.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static ReadReport forEach(
      Path path, ReadOptions options, Consumer<? super Ranking> action) {
    try (RowReader rows = RowReader.open(path, options)) {
      rows.forEach(new Parser(), action);
      return rows.report();
    }
  }

  /**
   * Writes rankings as JSON lines with {@code prompt}, {@code responses} and {@code scores}, which
   * {@link #read} reads back as they are. The file is replaced whole or not at all and is
   * compressed when its name ends in {@code .gz}.
   *
   * @return the number of rows written
   * @throws IllegalArgumentException if the name does not end in {@code .jsonl} or {@code .ndjson},
   *     or a ranking would not read back as it is
   */
  public static long write(Path path, Iterable<Ranking> rankings) {
    return new CanonicalRows<>(Rankings::fields, new Parser()).write(path, rankings);
  }

  private static Map<String, Object> fields(Ranking ranking) {
    Map<String, Object> fields = new LinkedHashMap<>();
    PromptFields.put(fields, ranking.prompt());
    fields.put(RESPONSES, ranking.responses());
    fields.put(SCORES, ranking.scores());
    return fields;
  }

  private enum Form {
    SCORES_LIST("responses and scores"),
    RANKS_LIST("responses and ranks"),
    OBJECTS("responses that are objects"),
    BEST_FIRST("ranked responses"),
    COMPLETIONS_LIST("completions with overall_score");

    private final String description;

    Form(String description) {
      this.description = description;
    }

    static Form of(Row row) {
      boolean numbered = row.states(SCORES) || row.states(RANKS);
      if (row.has(RANKED)) {
        if (numbered) {
          throw row.fault(
              RANKED, "a list that is best first must stand without scores and ranks; use these");
        }
        return BEST_FIRST;
      }
      if (row.has(RESPONSES)) {
        if (row.states(SCORES) && row.states(RANKS)) {
          throw row.fault(RANKS, "a ranking must have scores or ranks but has both");
        }
        if (numbered) {
          return row.states(SCORES) ? SCORES_LIST : RANKS_LIST;
        }
        if (row.isListOfObjects(RESPONSES)) {
          return OBJECTS;
        }
        throw row.fault(
            SCORES,
            Fault.MISSING_FIELD,
            "responses must come with scores or ranks; if they are listed best first, map the name"
                + " 'ranked' to them in the read options");
      }
      if (row.has(COMPLETIONS)) {
        return COMPLETIONS_LIST;
      }
      throw row.fault(
          Fault.MISSING_FIELD,
          "a ranking must have responses, ranked or completions but has "
              + RowException.shown(row.namesInFile())
              + "; map the names in the read options");
    }
  }

  private record Answer(String text, double score) {}

  private static final class Parser implements Function<Row, Ranking> {

    private final FirstForm first = new FirstForm();

    @Override
    public Ranking apply(Row row) {
      Form form = Form.of(row);
      Prompt prompt = prompt(row, form);
      first.require(row, form.description + " and " + PromptFields.form(prompt));
      String list =
          switch (form) {
            case SCORES_LIST, RANKS_LIST, OBJECTS -> RESPONSES;
            case BEST_FIRST -> RANKED;
            case COMPLETIONS_LIST -> COMPLETIONS;
          };
      List<Answer> answers =
          switch (form) {
            case SCORES_LIST -> numbered(row, SCORES, 1);
            case RANKS_LIST -> numbered(row, RANKS, -1);
            case OBJECTS -> row.objects(RESPONSES).stream().map(Parser::answer).toList();
            case BEST_FIRST -> bestFirst(row.texts(RANKED));
            case COMPLETIONS_LIST ->
                row.objects(COMPLETIONS).stream()
                    .map(o -> new Answer(o.text("response"), o.number("overall_score")))
                    .toList();
          };
      if (answers.size() < 2) {
        throw row.fault(list, "a ranking must have two or more answers but has " + answers.size());
      }
      requireNoContradiction(row, list, answers);
      List<Answer> sorted = new ArrayList<>(answers);
      sorted.sort(Comparator.comparingDouble(Answer::score).reversed());
      return new Ranking(
          prompt,
          sorted.stream().map(Answer::text).toList(),
          sorted.stream().map(Answer::score).toList());
    }

    private Prompt prompt(Row row, Form form) {
      String name =
          form == Form.COMPLETIONS_LIST && !row.states(PromptFields.PROMPT)
              ? "instruction"
              : PromptFields.PROMPT;
      return PromptFields.read(row, name);
    }

    private static List<Answer> numbered(Row row, String numbers, int sign) {
      List<String> texts = row.texts(RESPONSES);
      double[] values = row.numbers(numbers);
      if (values.length != texts.size()) {
        throw row.fault(
            numbers,
            "there must be one number for each response, "
                + texts.size()
                + ", but there are "
                + values.length);
      }
      return IntStream.range(0, values.length)
          // Adding zero turns the negative zero of rank 0 into the usual one.
          .mapToObj(i -> new Answer(texts.get(i), sign * values[i] + 0.0))
          .toList();
    }

    private static Answer answer(Row object) {
      boolean ranked = !object.states("score") && object.has("rank");
      return new Answer(
          object.text("text"), ranked ? 0.0 - object.number("rank") : object.number("score"));
    }

    private static List<Answer> bestFirst(List<String> texts) {
      return IntStream.range(0, texts.size())
          .mapToObj(i -> new Answer(texts.get(i), texts.size() - 1 - i))
          .toList();
    }

    private static void requireNoContradiction(Row row, String list, List<Answer> answers) {
      Map<String, Double> scores = new HashMap<>();
      for (int i = 0; i < answers.size(); i++) {
        Answer answer = answers.get(i);
        Double other = scores.putIfAbsent(answer.text(), answer.score());
        if (other != null && other != answer.score()) {
          throw row.elementFault(
              list,
              i,
              Fault.EQUAL_PAIR,
              "equal answers must be tied but this one is also ranked elsewhere; remove it");
        }
      }
    }
  }
}
