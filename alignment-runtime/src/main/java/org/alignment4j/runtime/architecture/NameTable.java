package org.alignment4j.runtime.architecture;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names built from a family's fixed parts.
 *
 * @param embedding stem of the token embedding
 * @param positions stem of the position table, or null
 * @param blocks stem of the blocks; a layer's number follows
 * @param parts stem of each part within its block; {@link #EXPERT} stands for an expert's number
 * @param finalNorm stem of the final normalisation
 * @param head full name of the output head
 * @param extras full names of what few families have
 */
record NameTable(
    String embedding,
    @Nullable String positions,
    String blocks,
    Map<Part, String> parts,
    String finalNorm,
    String head,
    Map<Extra, String> extras)
    implements ParameterNames {

  static final String EXPERT = "*";

  NameTable {
    // In the order of the parts: Map.copyOf's differs between processes, and so would ids.
    parts = Collections.unmodifiableMap(new EnumMap<>(parts));
    EnumMap<Extra, String> ordered = new EnumMap<>(Extra.class);
    ordered.putAll(extras);
    extras = Collections.unmodifiableMap(ordered);
  }

  /** Names of a family without extras. */
  NameTable(
      String embedding,
      @Nullable String positions,
      String blocks,
      Map<Part, String> parts,
      String finalNorm,
      String head) {
    this(embedding, positions, blocks, parts, finalNorm, head, Map.of());
  }

  @Override
  public String tokenEmbedding() {
    return embedding + ".weight";
  }

  @Override
  public @Nullable String positionEmbedding() {
    return positions == null ? null : positions + ".weight";
  }

  @Override
  public String weight(int layer, Part part) {
    return stem(layer, part) + ".weight";
  }

  @Override
  public String weight(int layer, Part part, int expert) {
    return weight(layer, part).replace(EXPERT, Integer.toString(expert));
  }

  @Override
  public String bias(int layer, Part part) {
    return stem(layer, part) + ".bias";
  }

  private String stem(int layer, Part part) {
    String stem = parts.get(part);
    if (stem == null) {
      throw new IllegalArgumentException(
          "part must be one of " + parts.keySet() + " for this family but was " + part);
    }
    return blocks + "." + layer + "." + stem;
  }

  @Override
  public String extra(Extra extra) {
    String name = extras.get(extra);
    if (name == null) {
      throw new IllegalArgumentException(
          "extra must be one of " + extras.keySet() + " for this family but was " + extra);
    }
    return name;
  }

  @Override
  public String finalNormWeight() {
    return finalNorm + ".weight";
  }

  @Override
  public String finalNormBias() {
    return finalNorm + ".bias";
  }
}
