package org.alignment4j.runtime.peft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.train.LoraAdapter.LinearShape;

/**
 * The modules of a base model, named as the class that PEFT wraps names them: a checkpoint of the
 * bare decoder lacks the first part of those names.
 */
final class BaseModules {

  private final Architecture architecture;
  private final List<BaseModule> modules = new ArrayList<>();

  private BaseModules(Architecture architecture) {
    this.architecture = architecture;
    Architecture wrapped =
        new Architecture(
            architecture.config(),
            Architecture.of(architecture.config()).names(),
            architecture.head());
    List<Parameter> own = architecture.parameters();
    List<Parameter> named = wrapped.parameters();
    Map<String, Map<String, Parameter>> byModule = new LinkedHashMap<>();
    for (int i = 0; i < own.size(); i++) {
      String name = named.get(i).name();
      int dot = name.lastIndexOf('.');
      byModule
          .computeIfAbsent(name.substring(0, dot), m -> new LinkedHashMap<>())
          .put(name.substring(dot + 1), own.get(i));
    }
    byModule.forEach((name, parameters) -> modules.add(new BaseModule(name, parameters)));
  }

  static BaseModules of(Architecture architecture) {
    return new BaseModules(architecture);
  }

  List<BaseModule> all() {
    return modules;
  }

  /** Widths of a linear module. */
  LinearShape shape(BaseModule module) {
    long[] shape = module.weight().shape();
    boolean inOut = architecture.config().linear() == LinearLayout.IN_OUT;
    int in = Math.toIntExact(shape[inOut ? 0 : 1]);
    int out = Math.toIntExact(shape[inOut ? 1 : 0]);
    return new LinearShape(in, out);
  }
}
