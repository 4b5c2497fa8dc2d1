package org.alignment4j.api.hook;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * An edit of certain places, not yet tied to a hook point: {@code zero(head(3))}. Made by {@link
 * Edits}.
 *
 * @param selection the places
 * @param edit what happens there
 * @param <A> the axes a hook point must have
 */
@API(status = API.Status.STABLE, since = "0.1")
public record SelectedEdit<A extends Axes>(Selection selection, Edit edit) {

  /** Checks that nothing is missing. */
  public SelectedEdit {
    Objects.requireNonNull(selection, "selection");
    Objects.requireNonNull(edit, "edit");
  }
}
