package org.alignment4j.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Prompt;

/**
 * Multiple-choice questions behind the same five solved examples, of random tokens. In text each
 * token is a word.
 *
 * @param examples tokens before every question
 * @param questions each after the examples
 */
record FewShotFile(int[] examples, List<Question> questions) {

  /** GPT-2 small with its whole context. */
  static final GptShape SHAPE = new GptShape("M", 12, 768, 12, 50257, 1024, 1, 0);

  private static final int EXAMPLES = 400;
  private static final int SHORTEST = 25;
  private static final int LONGEST = 56;
  private static final int CHOICES = 4;
  private static final int LONGEST_CHOICE = 4;

  /** A question's own tokens and its choices'. */
  record Question(int[] tokens, List<int[]> choices) {}

  /** A file; each seed gives other examples, too. */
  static FewShotFile of(int questions, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] examples = tokens(random, EXAMPLES);
    List<Question> all = new ArrayList<>();
    for (int q = 0; q < questions; q++) {
      int[] own = tokens(random, random.nextInt(SHORTEST, LONGEST));
      List<int[]> choices = new ArrayList<>();
      for (int c = 0; c < CHOICES; c++) {
        choices.add(tokens(random, random.nextInt(1, LONGEST_CHOICE + 1)));
      }
      all.add(new Question(own, choices));
    }
    return new FewShotFile(examples, all);
  }

  private static int[] tokens(SplittableRandom random, int count) {
    return random.ints(count, 0, SHAPE.vocab()).toArray();
  }

  /** The tokens before a question's choices. */
  int[] prompt(int question) {
    int[] own = questions.get(question).tokens();
    int[] prompt = Arrays.copyOf(examples, examples.length + own.length);
    System.arraycopy(own, 0, prompt, examples.length, own.length);
    return prompt;
  }

  /** The questions as samples of a benchmark; the first choice counts as right. */
  List<Sample> samples() {
    List<Sample> samples = new ArrayList<>();
    for (int q = 0; q < questions.size(); q++) {
      List<String> choices = questions.get(q).choices().stream().map(FewShotFile::text).toList();
      Prompt prompt = Prompt.text(text(prompt(q)));
      samples.add(Sample.choice("question " + q, prompt, choices, choices.subList(0, 1)));
    }
    return samples;
  }

  static String text(int[] tokens) {
    return Arrays.stream(tokens).mapToObj(token -> "w" + token).collect(Collectors.joining(" "));
  }

  /** Writes the files of a tokenizer of these words. */
  static void writeTokenizer(Path folder) throws IOException {
    String words =
        IntStream.range(0, SHAPE.vocab())
            .mapToObj(token -> "\"w" + token + "\":" + token)
            .collect(Collectors.joining(","));
    Files.writeString(
        folder.resolve("tokenizer.json"),
        "{\"version\":\"1.0\",\"pre_tokenizer\":{\"type\":\"WhitespaceSplit\"},"
            + "\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"w0\",\"vocab\":{"
            + words
            + "}}}",
        StandardCharsets.UTF_8);
  }
}
