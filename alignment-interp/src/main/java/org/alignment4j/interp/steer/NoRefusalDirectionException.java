package org.alignment4j.interp.steer;

import java.util.List;
import java.util.stream.Collectors;
import org.alignment4j.api.AlignmentException;
import org.apiguardian.api.API;

/** No candidate passed the filters; the message holds the table of all. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class NoRefusalDirectionException extends AlignmentException {

  private static final long serialVersionUID = 1L;

  NoRefusalDirectionException(List<RefusalCandidate> candidates) {
    super(
        "a refusal direction must pass every filter but none of "
            + candidates.size()
            + " candidates does; use more prompts, other refusal tokens or wider limits:\n"
            + candidates.stream()
                .map(RefusalCandidate::toString)
                .collect(Collectors.joining("\n")));
  }
}
