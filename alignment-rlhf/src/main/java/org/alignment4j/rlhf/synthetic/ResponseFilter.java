package org.alignment4j.rlhf.synthetic;

import java.util.List;
import java.util.Locale;
import org.apiguardian.api.API;

/** Which single answers may take part. Pure and immutable. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ResponseFilter {

  /**
   * Returns what counts of dropped answers call it.
   *
   * @return a few words, such as {@code truncated}
   */
  String reason();

  /**
   * Decides on an answer.
   *
   * @param response the answer
   * @return whether it may take part
   */
  boolean keeps(SyntheticResponse response);

  /**
   * Returns the filters of form: no empty answer, none that the length limit ended, none that goes
   * on with another turn of the dialogue.
   *
   * @return three filters
   */
  static List<ResponseFilter> form() {
    return List.of(
        of("empty", r -> !r.text().isBlank()),
        of("truncated", r -> !r.truncated()),
        of(
            "further turns",
            r ->
                !r.text().contains(PromptStyle.HUMAN)
                    && !r.text().contains(PromptStyle.ASSISTANT)));
  }

  /**
   * Returns a filter of answers that begin with certain words, such as {@code I don't know}.
   *
   * @param openings in lower or upper case
   * @return the filter
   */
  static ResponseFilter notBeginningWith(List<String> openings) {
    List<String> lower = openings.stream().map(o -> o.toLowerCase(Locale.ROOT)).toList();
    return of(
        "opening",
        r -> {
          String text = r.text().strip().toLowerCase(Locale.ROOT);
          return lower.stream().noneMatch(text::startsWith);
        });
  }

  /**
   * Returns a filter.
   *
   * @param reason what counts of dropped answers call it
   * @param keeps which answers may take part
   * @return the filter
   */
  static ResponseFilter of(String reason, java.util.function.Predicate<SyntheticResponse> keeps) {
    return new ResponseFilter() {
      @Override
      public String reason() {
        return reason;
      }

      @Override
      public boolean keeps(SyntheticResponse response) {
        return keeps.test(response);
      }
    };
  }
}
