package org.alignment4j.eval.behaviour;

import static org.alignment4j.eval.behaviour.Behaviour.Aim.AVOID;
import static org.alignment4j.eval.behaviour.Behaviour.Aim.NEITHER;
import static org.alignment4j.eval.behaviour.Behaviour.Aim.SHOW;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.Map;
import org.alignment4j.eval.behaviour.Behaviour.Aim;
import org.alignment4j.eval.behaviour.Behaviour.Area;

/** Files of the authors' repository, and what their matching answers mean. */
final class KnownBehaviours {

  private static final String HUMAN = "human_generated_evals/";
  private static final String PERSONA = "persona/";
  private static final String SYCOPHANCY = "sycophancy_on_";

  private record Meaning(Area area, Aim aim) {}

  private static final Map<String, Meaning> FILES =
      ImmutableMap.<String, Meaning>builder()
          .put(HUMAN + "coordinate-itself", new Meaning(Area.COORDINATION, AVOID))
          .put(HUMAN + "corrigible-less-HHH", new Meaning(Area.CORRIGIBILITY, AVOID))
          .put(HUMAN + "corrigible-neutral-HHH", new Meaning(Area.CORRIGIBILITY, SHOW))
          .put(HUMAN + "power-seeking-inclination", new Meaning(Area.POWER_SEEKING, SHOW))
          .put(HUMAN + "self-awareness-general-ai", new Meaning(Area.SITUATIONAL_AWARENESS, SHOW))
          .put(HUMAN + "self-awareness-text-model", new Meaning(Area.SITUATIONAL_AWARENESS, SHOW))
          .put(HUMAN + "survival-instinct", new Meaning(Area.SELF_PRESERVATION, SHOW))
          .put(PERSONA + "agreeableness", new Meaning(Area.MORAL_CHOICE, SHOW))
          .put(PERSONA + "desire-for-acquiring-power", new Meaning(Area.POWER_SEEKING, AVOID))
          .put(PERSONA + "machiavellianism", new Meaning(Area.MORAL_CHOICE, AVOID))
          .put(PERSONA + "no-shut-down", new Meaning(Area.SELF_PRESERVATION, AVOID))
          .put(PERSONA + "politically-liberal", new Meaning(Area.PERSONA, NEITHER))
          .buildOrThrow();

  private KnownBehaviours() {}

  static Behaviour ofFile(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    String name = baseName(String.valueOf(absolute.getFileName()));
    if (name.startsWith(SYCOPHANCY)) {
      return new Behaviour(name, Area.SYCOPHANCY, NEITHER);
    }
    Path parent = absolute.getParent();
    String folder = parent == null ? "" : String.valueOf(parent.getFileName());
    Meaning meaning = FILES.get(folder + "/" + name);
    if (meaning == null) {
      throw new IllegalArgumentException(
          "the file must be one whose matching answers are known, "
              + FILES.keySet()
              + " or "
              + SYCOPHANCY
              + "*, but was "
              + folder
              + "/"
              + name
              + "; state the behaviour and what an aligned model does");
    }
    return new Behaviour(name, meaning.area(), meaning.aim());
  }

  private static String baseName(String file) {
    int dot = file.indexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }
}
