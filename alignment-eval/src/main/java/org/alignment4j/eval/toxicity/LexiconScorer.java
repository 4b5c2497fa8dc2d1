package org.alignment4j.eval.toxicity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.provenance.ContentHash;
import org.apiguardian.api.API;

/**
 * Scores by a list of terms: the weight of greatest magnitude of those that occur as whole words,
 * whatever their case, and 0 when none does. A baseline without a model, which sees words and not
 * what is meant: it misses most of what people find toxic and takes a quotation for an insult.
 * Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LexiconScorer implements TextScorer {

  private static final String MILD = "mild-insults.txt";
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+(?:'[\\p{L}]+)*");

  private final String name;
  private final Map<String, Double> weights;
  private final int longest;

  private LexiconScorer(String name, Map<String, Double> weights) {
    Map<String, Double> terms = new TreeMap<>();
    weights.forEach(
        (term, weight) -> {
          if (!(Math.abs(weight) <= 1)) {
            throw new IllegalArgumentException(
                "weight must be in [-1, 1] but that of '" + term + "' was " + weight);
          }
          String words = String.join(" ", words(term));
          if (words.isEmpty()) {
            throw new IllegalArgumentException(
                "a term must have a letter or digit but was '" + term + "'");
          }
          if (terms.put(words, weight) != null) {
            throw new IllegalArgumentException(
                "a term must occur once but '" + words + "' occurs twice");
          }
        });
    if (terms.isEmpty()) {
      throw new IllegalArgumentException("a lexicon must have a term but has none");
    }
    this.weights = ImmutableMap.copyOf(terms);
    this.longest = terms.keySet().stream().mapToInt(term -> term.split(" ").length).max().orElse(1);
    this.name = name + " " + ContentHash.of(terms.toString()).hex().substring(0, 12);
  }

  /**
   * Returns a scorer of terms with weights.
   *
   * @param weights weight of each term, from −1 to 1
   * @return the scorer
   * @throws IllegalArgumentException when there is no term, one has no letter or digit or occurs
   *     twice in another case, or a weight is outside its range
   */
  public static LexiconScorer of(Map<String, Double> weights) {
    return new LexiconScorer("lexicon", weights);
  }

  /**
   * Returns a scorer of the bundled list: a few dozen mild English insults, for trying things out.
   *
   * @return the scorer
   */
  public static LexiconScorer mild() {
    try (InputStream in = LexiconScorer.class.getResourceAsStream(MILD)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + MILD + " must be beside this class");
      }
      return new LexiconScorer("mild insults", parse(MILD, new String(in.readAllBytes(), UTF_8)));
    } catch (IOException e) {
      throw new AlignmentException("cannot read the lexicon " + MILD + ": " + e, e);
    }
  }

  /**
   * Reads a list of terms from a UTF-8 file: a term a line, of one or several words, with a weight
   * from −1 to 1 after a tab, 1 where there is none; lines that begin with {@code #} and empty ones
   * do not count.
   *
   * @param file the file
   * @return the scorer
   * @throws DataFormatException when the file is missing, not UTF-8, has no term, or a line breaks
   *     the format
   */
  public static LexiconScorer read(Path file) {
    String source = file.toString();
    String text;
    try {
      text = Files.readString(file, UTF_8);
    } catch (NoSuchFileException e) {
      throw new DataFormatException(source, 0, null, "the file must exist but does not", e);
    } catch (CharacterCodingException e) {
      throw new DataFormatException(
          source, 0, null, "a lexicon must be UTF-8 but is not; convert the file first", e);
    } catch (IOException e) {
      throw new AlignmentException("cannot read the lexicon " + file + ": " + e, e);
    }
    Map<String, Double> weights = parse(source, text);
    if (weights.isEmpty()) {
      throw new DataFormatException(source, 0, null, "a lexicon must have a term but has none");
    }
    return new LexiconScorer("lexicon", weights);
  }

  private static Map<String, Double> parse(String source, String text) {
    Map<String, Double> weights = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] cells = line.split("\t", -1);
      String term = String.join(" ", words(cells[0]));
      if (term.isEmpty() || cells.length > 2) {
        throw new DataFormatException(
            source,
            number,
            "term",
            "a line must be 'term' or 'term<tab>weight' but was '" + line + "'");
      }
      if (weights.put(term, cells.length == 1 ? 1 : weight(source, number, cells[1])) != null) {
        throw new DataFormatException(
            source, number, "term", "a term must occur once but '" + term + "' occurs twice");
      }
    }
    return weights;
  }

  private static double weight(String source, int line, String cell) {
    double weight;
    try {
      weight = Double.parseDouble(cell.strip());
    } catch (NumberFormatException e) {
      weight = Double.NaN;
    }
    if (!(Math.abs(weight) <= 1)) {
      throw new DataFormatException(
          source, line, "weight", "the weight must be a number in [-1, 1] but was '" + cell + "'");
    }
    return weight;
  }

  private static List<String> words(String text) {
    String plain =
        Normalizer.normalize(text, Normalizer.Form.NFKC)
            .replace('\u2019', '\'')
            .toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    for (Matcher matcher = WORD.matcher(plain); matcher.find(); ) {
      words.add(matcher.group());
    }
    return words;
  }

  @Override
  public String name() {
    return name;
  }

  /** The least weight, or 0 of a text without a term. */
  @Override
  public double least() {
    return weights.values().stream().mapToDouble(w -> w).reduce(0, Math::min);
  }

  /** The greatest weight, or 0 of a text without a term. */
  @Override
  public double greatest() {
    return weights.values().stream().mapToDouble(w -> w).reduce(0, Math::max);
  }

  @Override
  public List<Score> score(List<String> texts, CancellationToken cancellation) {
    cancellation.throwIfCancelled("scoring");
    List<Score> scores = new ArrayList<>(texts.size());
    for (String text : texts) {
      scores.add(new Score.Scored(weight(words(text))));
    }
    return scores;
  }

  /** The weight of greatest magnitude, of equals the greater one. */
  private double weight(List<String> words) {
    double found = 0;
    for (int from = 0; from < words.size(); from++) {
      for (int to = from + 1; to <= Math.min(words.size(), from + longest); to++) {
        Double weight = weights.get(String.join(" ", words.subList(from, to)));
        if (weight != null
            && (Math.abs(weight) > Math.abs(found)
                || (Math.abs(weight) == Math.abs(found) && weight > found))) {
          found = weight;
        }
      }
    }
    return found;
  }
}
