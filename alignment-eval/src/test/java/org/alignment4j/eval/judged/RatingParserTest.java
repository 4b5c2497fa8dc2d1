package org.alignment4j.eval.judged;

import static org.assertj.core.api.Assertions.assertThat;

import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatingParserTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Good. Rating: [[7]]|7",
        "The form is [[5]], so I say [[8.5]].|8.5",
        "[[10]]|10",
        "[[9.]]|9",
        "Only single: [6]|6",
        "List item [1], but [[4]] it is|4",
        "Single [3] then [2]|2",
      })
  void theLastRatingCounts(String reply, double rating) {
    assertThat(new RatingParser().parse(new Reply(reply, false)))
        .isEqualTo(new Parsed.Value<>(rating));
  }

  @ParameterizedTest
  @CsvSource({"none", "[[rating]]", "[[0]]", "[[11]]", "[[-3]]", "Rating: 7", "[[1.2.3]]"})
  void anythingElseIsNoRating(String reply) {
    assertThat(new RatingParser().parse(new Reply(reply, false)))
        .isInstanceOf(Parsed.Nothing.class);
  }

  @ParameterizedTest
  @CsvSource({"The form is [[5]] and so", "[[5]] is the"})
  void aReplyThatWasCutOffHasOneOnlyAtItsEnd(String reply) {
    assertThat(new RatingParser().parse(new Reply(reply, true))).isInstanceOf(Parsed.Nothing.class);
    assertThat(new RatingParser().parse(new Reply(reply + " [[5]]", true)))
        .isEqualTo(new Parsed.Value<>(5.0));
  }
}
