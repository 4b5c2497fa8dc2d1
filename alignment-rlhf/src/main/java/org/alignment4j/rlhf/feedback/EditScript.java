package org.alignment4j.rlhf.feedback;

import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Edits that lead from one sequence of pieces to another, in order (Second Thoughts, Liu et al.
 * 2022, arXiv 2301.00355).
 *
 * @param edits in order
 * @param <T> the pieces, with {@code equals}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EditScript<T>(List<Edit<T>> edits) {

  /** Copies the edits. */
  public EditScript {
    edits = List.copyOf(edits);
  }

  /**
   * Infers a script of least cost: {@code D[i,j] = min(D[i−1,j] + c_del, D[i,j−1] + c_ins,
   * D[i−1,j−1] + (s_i = t_j ? 0 : c_rep))}, traced back from the end. Of equal costs the last step
   * is a keep rather than a replacement, that rather than a deletion, and that rather than an
   * insertion. Sequences of more than 16 million pairs of pieces are divided where a script of
   * least cost can pass (Hirschberg 1975), the first such place, so that memory grows with their
   * lengths alone; the rule for ties then holds within the parts.
   *
   * @param source what there was
   * @param target what there is to be
   * @param costs what changes cost
   * @param <T> the pieces
   * @return the script
   */
  public static <T> EditScript<T> between(List<T> source, List<T> target, EditCosts costs) {
    return new EditInference<T>(costs, EditInference.MOST_PAIRS).script(source, target);
  }

  /**
   * Applies the edits.
   *
   * @param source what there was
   * @return what there is then
   * @throws IllegalArgumentException when a piece to keep, replace or delete is not where the
   *     script has it, or pieces are left over, naming the place
   */
  public List<T> apply(List<T> source) {
    List<T> result = new ArrayList<>();
    int at = 0;
    for (Edit<T> edit : edits) {
      if (edit instanceof Edit.Insert<T> insert) {
        result.add(insert.piece());
        continue;
      }
      T old = old(edit);
      if (at >= source.size() || !source.get(at).equals(old)) {
        throw new IllegalArgumentException(
            "piece %s of the source must be '%s' but %s"
                .formatted(
                    at, old, at < source.size() ? "is '" + source.get(at) + "'" : "is missing"));
      }
      at++;
      if (edit instanceof Edit.Keep<T> keep) {
        result.add(keep.piece());
      } else if (edit instanceof Edit.Replace<T> replace) {
        result.add(replace.piece());
      }
    }
    if (at < source.size()) {
      throw new IllegalArgumentException(
          "the edits must cover all %s pieces of the source but end after %s"
              .formatted(source.size(), at));
    }
    return result;
  }

  private static <T> T old(Edit<T> edit) {
    if (edit instanceof Edit.Keep<T> keep) {
      return keep.piece();
    }
    if (edit instanceof Edit.Replace<T> replace) {
      return replace.old();
    }
    return ((Edit.Delete<T>) edit).old();
  }

  /**
   * Returns what the changes cost together.
   *
   * @param costs of each
   * @return the sum, 0 where everything is kept
   */
  public long cost(EditCosts costs) {
    long sum = 0;
    for (Edit<T> edit : edits) {
      if (edit instanceof Edit.Insert<T>) {
        sum += costs.insert();
      } else if (edit instanceof Edit.Delete<T>) {
        sum += costs.delete();
      } else if (edit instanceof Edit.Replace<T>) {
        sum += costs.replace();
      }
    }
    return sum;
  }
}
