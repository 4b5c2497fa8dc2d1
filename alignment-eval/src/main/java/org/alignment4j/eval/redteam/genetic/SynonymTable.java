package org.alignment4j.eval.redteam.genetic;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.eval.redteam.BundledRows;
import org.apiguardian.api.API;

/**
 * Groups of words that may stand for each other; as a mutation it swaps one word of a text.
 * Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SynonymTable implements TextMutation {
  static final Pattern WORD = Pattern.compile("[A-Za-z]+");

  private final String name;
  private final Map<String, List<String>> groups;

  private SynonymTable(String name, Map<String, List<String>> groups) {
    this.name = name;
    this.groups = ImmutableMap.copyOf(groups);
  }

  /** Returns the bundled table of common words. */
  public static SynonymTable bundled() {
    return parse("synonyms.txt", BundledRows.text(SynonymTable.class, "synonyms.txt"));
  }

  /**
   * Reads a table: a group of words a line, with commas between them.
   *
   * @param name what to call it in messages, such as its file
   * @param text the table
   * @throws DataFormatException when a group has fewer than two words, something is no word, or a
   *     word is in two groups; names the line
   */
  public static SynonymTable parse(String name, String text) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    long number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      List<String> group = new ArrayList<>();
      for (String part : line.split(",", -1)) {
        String word = part.strip().toLowerCase(Locale.ROOT);
        if (!WORD.matcher(word).matches()) {
          throw new DataFormatException(
              name, number, null, "a synonym must be a word of letters but was '" + part + "'");
        }
        group.add(word);
      }
      if (group.size() < 2) {
        throw new DataFormatException(
            name, number, null, "a group must have two words or more but was '" + line + "'");
      }
      for (String word : group) {
        if (groups.put(word, List.copyOf(group)) != null) {
          throw new DataFormatException(
              name, number, null, "a word must be in one group but '" + word + "' occurs again");
        }
      }
    }
    return new SynonymTable(name + " " + ContentHash.of(text).hex().substring(0, 12), groups);
  }

  /** Returns the words that may stand for a word, itself among them; only itself when none may. */
  public List<String> synonyms(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return groups.getOrDefault(lower, List.of(lower));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Rewritten rewrite(String text, SplittableRandom random, CancellationToken cancellation) {
    Matcher words = WORD.matcher(text);
    List<MatchResult> known = new ArrayList<>();
    while (words.find()) {
      if (synonyms(words.group()).size() > 1) {
        known.add(words.toMatchResult());
      }
    }
    if (known.isEmpty()) {
      return new Rewritten(text, Usage.NONE);
    }
    MatchResult at = known.get(random.nextInt(known.size()));
    List<String> others = new ArrayList<>(synonyms(at.group()));
    others.remove(at.group().toLowerCase(Locale.ROOT));
    String other = others.get(random.nextInt(others.size()));
    return new Rewritten(
        text.substring(0, at.start()) + cased(other, at.group()) + text.substring(at.end()),
        Usage.NONE);
  }

  /** A word with the case of the one it replaces. */
  static String cased(String word, String model) {
    return Character.isUpperCase(model.charAt(0))
        ? word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1)
        : word;
  }
}
