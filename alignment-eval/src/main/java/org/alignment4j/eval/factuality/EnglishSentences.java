package org.alignment4j.eval.factuality;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Sentences by the rules of Unicode (UAX 29), put together again after initials ({@code J. R.
 * Smith}) and after abbreviations that stand before a name or a number. A line break always ends a
 * sentence.
 */
record EnglishSentences() implements SentenceSplitter {

  private static final Pattern GOES_ON =
      Pattern.compile(
          "(?:^|[\\s(\"“])(?:\\p{Lu}|Mr|Mrs|Ms|Mx|Dr|Prof|Rev|Gen|Col|Capt|Lt|Sgt|Sen|Gov|Hon"
              + "|St|Mt|Ft|vs|cf|e\\.g|i\\.e|[Nn]o|[Vv]ol|[Ff]ig|[Pp]p?|ca|approx)\\.$");

  @Override
  public List<String> sentences(String text) {
    List<String> sentences = new ArrayList<>();
    text.lines().forEach(line -> addTo(sentences, line));
    return List.copyOf(sentences);
  }

  private static void addTo(List<String> sentences, String line) {
    BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ENGLISH);
    breaks.setText(line);
    int start = breaks.first();
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      String piece = line.substring(start, end).strip();
      boolean last = end == line.length();
      if (!last && GOES_ON.matcher(piece).find()) {
        continue;
      }
      if (!piece.isEmpty()) {
        sentences.add(piece);
      }
      start = end;
    }
  }
}
