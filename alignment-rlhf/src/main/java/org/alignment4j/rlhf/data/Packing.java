package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/** Lays items of different lengths into rows of one length. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Packing {

  private Packing() {}

  /**
   * Packs best-fit decreasing: the longest item first, each into the fullest row that has room.
   * Items stay whole; equal lengths keep their order.
   *
   * @param lengths length of each item, at least 1
   * @param rowLength length of a row
   * @return for each row the indices of its items, ascending
   * @throws IllegalArgumentException when an item is longer than a row or not positive
   */
  public static List<List<Integer>> bestFitDecreasing(int[] lengths, int rowLength) {
    List<List<Integer>> rows = new ArrayList<>();
    TreeMap<Integer, List<List<Integer>>> byRoom = new TreeMap<>();
    List<Integer> order =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> -lengths[i]))
            .toList();
    for (int item : order) {
      int length = lengths[item];
      if (length < 1 || length > rowLength) {
        throw new IllegalArgumentException(
            "item %s must have a length in [1, %s], that of a row, but has %s"
                .formatted(item, rowLength, length));
      }
      Map.Entry<Integer, List<List<Integer>>> fit = byRoom.ceilingEntry(length);
      List<Integer> row;
      int room = rowLength;
      if (fit == null) {
        row = new ArrayList<>();
        rows.add(row);
      } else {
        room = fit.getKey();
        row = fit.getValue().remove(0);
        if (fit.getValue().isEmpty()) {
          byRoom.remove(room);
        }
      }
      row.add(item);
      byRoom.computeIfAbsent(room - length, r -> new ArrayList<>()).add(row);
    }
    rows.forEach(row -> row.sort(Comparator.naturalOrder()));
    return rows;
  }
}
