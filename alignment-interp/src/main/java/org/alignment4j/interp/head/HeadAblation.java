package org.alignment4j.interp.head;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selectors;
import org.apiguardian.api.API;

/** Takes heads out of a model. Stateless. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class HeadAblation {

  private HeadAblation() {}

  /**
   * Sets what heads mixed, before the output projection, to zero at every position: {@code
   * model.with(HeadAblation.zero(heads))}.
   *
   * @param heads the heads; no intervention where there is none
   */
  public static List<Intervention<?>> zero(Collection<HeadId> heads) {
    Map<Integer, TreeSet<Integer>> byLayer = new TreeMap<>();
    heads.forEach(h -> byLayer.computeIfAbsent(h.layer(), l -> new TreeSet<>()).add(h.head()));
    List<Intervention<?>> all = new ArrayList<>();
    byLayer.forEach(
        (layer, places) ->
            all.add(
                Edits.zero(
                    HookPoints.z(layer),
                    Selectors.head(places.stream().mapToInt(Integer::intValue).toArray()))));
    return all;
  }
}
