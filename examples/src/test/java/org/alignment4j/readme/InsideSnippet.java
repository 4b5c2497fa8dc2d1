package org.alignment4j.readme;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.ChartImage;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.interp.fact.FactEncoder;
import org.alignment4j.interp.head.AttentionPatterns;
import org.alignment4j.interp.patch.ActivationPatching;
import org.alignment4j.interp.patch.ContrastPair;
import org.alignment4j.interp.patch.PatchDirection;
import org.alignment4j.interp.patch.PatchGrid;
import org.alignment4j.interp.patch.PatchSweep;
import org.alignment4j.runtime.DecoderModel;

/** The README's code of a look inside. Between the markers it is the README's text. */
final class InsideSnippet {
  private InsideSnippet() {}

  static PatchGrid run(DecoderModel model, Path folder, Cloze fact, Cloze other) {
    CancellationToken none = CancellationToken.none();
    IntFunction<String> spelling = id -> model.tokenizer().decodeWithSpecialTokens(TokenIds.of(id));
    // start of the README's code
    ContrastPair pair = // prompts of equally many tokens, and what tells their answers apart
        new ContrastPair(
            fact.prompt(),
            other.prompt(),
            LogitMetric.logitDifference(fact.target().get(0), other.target().get(0)));
    PatchGrid heads = // 0: the other prompt's answer stands; 1: the fact's is back
        ActivationPatching.run(
            model,
            PatchSweep.of(HookPoints.z(Layers.all()), PatchDirection.DENOISING, Axis.HEAD),
            List.of(pair),
            none);
    Section.Charts map = heads.section();
    Report.builder("Which heads know it?")
        .add(map)
        .add(AttentionPatterns.of(model, fact.prompt(), none).browser(spelling))
        .build()
        .write(folder.resolve("report.html"));
    ChartImage.write(map.charts().get(0), folder.resolve("heads.png"));
    // end of the README's code
    return heads;
  }

  static PatchGrid run(DecoderModel model, Path folder) {
    FactEncoder encoder = new FactEncoder(model.tokenizer());
    return run(
        model,
        folder,
        encoder.cloze("Ralph Moss lives in", "Egypt"),
        encoder.cloze("Maria Page lives in", "Slovenia"));
  }
}
