package org.alignment4j.examples.compare;

import java.util.List;
import org.alignment4j.examples.align.WorldReplies;
import org.alignment4j.rlhf.AlolMethod;
import org.alignment4j.rlhf.PolicyMethod;
import org.alignment4j.rlhf.PolicyVariants;
import org.alignment4j.rlhf.ReferenceSync;
import org.alignment4j.rlhf.loss.Divergence;
import org.alignment4j.rlhf.loss.DpoVariants;
import org.alignment4j.rlhf.loss.IpoLoss;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.rlhf.loss.ReferenceFreeLosses;
import org.alignment4j.rlhf.loss.SftTermLoss;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.rlhf.selection.Selection;

/** The methods besides {@link Methods#standard()}. */
final class AllMethods {

  private static final double BETA = 0.1;
  private static final double RATE = Methods.RATE;

  /** The contrast pulls at every token of a bad answer: a higher rate unlearns the language. */
  private static final double CRINGE_RATE = 1e-4;

  /** Edits are nothing like what the model has read. */
  private static final double EDIT_RATE = 1e-3;

  /** Given answers move the model's own ones only so far. */
  private static final double RATED_RATE = 1e-3;

  /** Few refinements are left to learn from. */
  private static final double ILF_RATE = 5e-4;

  private AllMethods() {}

  /** Losses over pairs that have a reference. */
  static List<AlignmentMethod> ofPairs() {
    PreferenceLoss dpo = PreferenceLoss.dpo(BETA);
    return List.of(
        pairs("cDPO", "Mitchell 2023", PreferenceLoss.conservativeDpo(BETA, 0.1)),
        pairs(
            "robust DPO",
            "Chowdhury et al. 2024, arXiv 2403.00409",
            PreferenceLoss.robustDpo(BETA, 0.1)),
        pairs("hinge DPO", "Zhao et al. 2023, arXiv 2305.10425", PreferenceLoss.hinge(BETA)),
        pairs(
            "summed IPO",
            "Azar et al. 2023, arXiv 2310.12036",
            PreferenceLoss.ipo(BETA, IpoLoss.Ratios.SUMMED)),
        pairs("RPO", "Liu et al. 2024, arXiv 2405.16436", PreferenceLoss.rpo(BETA, 0.1)),
        pairs(
            "DPO with SFT",
            "Pang et al. 2024, arXiv 2404.19733",
            dpo.withSft(1, SftTermLoss.Normalisation.LENGTH_AVERAGED)),
        pairs("LN-DPO", "Lambert et al. 2024, arXiv 2411.15124", DpoVariants.normalised(2)),
        pairs("EXO", "Ji et al. 2024, arXiv 2402.00856", DpoVariants.exo(BETA)),
        pairs("NCA", "Chen et al. 2024, arXiv 2402.05369", DpoVariants.nca(BETA)),
        pairs("BCO of pairs", "Jung et al. 2024, arXiv 2404.04656", DpoVariants.bcoPair(BETA)),
        pairs("SPPO", "Wu et al. 2024, arXiv 2405.00675", DpoVariants.sppoHard(BETA)),
        pairs("AOT", "Melnyk et al. 2024, arXiv 2406.05882", DpoVariants.aot(BETA)),
        pairs(
            "unpaired AOT", "Melnyk et al. 2024, arXiv 2406.05882", DpoVariants.aotUnpaired(BETA)),
        pairs("APO-zero", "D'Oosterlinck et al. 2024, arXiv 2408.06266", DpoVariants.apoZero(BETA)),
        pairs("APO-down", "D'Oosterlinck et al. 2024, arXiv 2408.06266", DpoVariants.apoDown(BETA)),
        pairs("DiscoPOP", "Lu et al. 2024, arXiv 2406.08414", DpoVariants.discoPop(BETA)),
        pairs(
            "f-DPO (Jensen-Shannon)",
            "Wang et al. 2023, arXiv 2309.16240",
            DpoVariants.fDivergence(BETA, new Divergence.JensenShannon())),
        pairs(
            "f-DPO (forward KL)",
            "Wang et al. 2023, arXiv 2309.16240",
            DpoVariants.fDivergence(BETA, new Divergence.ForwardKl())),
        pairs(
            "LD-DPO",
            "Liu et al. 2024, arXiv 2409.06411",
            DpoVariants.lengthDesensitised(BETA, 0.5)),
        pairs("WPO", "Zhou et al. 2024, arXiv 2406.11827", DpoVariants.weighted(dpo)),
        pairs(
            "MPO",
            "Wang et al. 2024, arXiv 2411.10442",
            DpoVariants.mix(new double[] {0.8, 0.2}, dpo, DpoVariants.bcoPair(BETA))),
        new PairMethod(
            "TR-DPO",
            "Gorbatovski et al. 2024, arXiv 2404.09656",
            dpo,
            RATE,
            new ReferenceSync(0.6, 16)));
  }

  /** Losses without reference, of single answers, of rankings, and of edits. */
  static List<AlignmentMethod> ofAnswers() {
    return List.of(
        pairs(
            "reference-free DPO",
            "Rafailov et al. 2023, arXiv 2305.18290",
            ReferenceFreeLosses.withoutReference(PreferenceLoss.dpo(BETA))),
        pairs("CPO", "Xu et al. 2024, arXiv 2401.08417", ReferenceFreeLosses.cpo(BETA)),
        pairs(
            "AlphaPO",
            "Gupta et al. 2025, arXiv 2501.03884",
            ReferenceFreeLosses.alphaPo(2, 1, 0.25)),
        pairs("SLiC-HF", "Zhao et al. 2023, arXiv 2305.10425", ReferenceFreeLosses.slic()),
        new LabelMethod("BCO", "Jung et al. 2024, arXiv 2404.04656", UnpairedLoss.bco(BETA), RATE),
        new LabelMethod(
            "unpaired APO-zero",
            "D'Oosterlinck et al. 2024, arXiv 2408.06266",
            UnpairedLoss.apoZero(BETA),
            RATE),
        new RankingMethod("PRO", "Song et al. 2023, arXiv 2306.17492", RankingLoss.pro(), RATE),
        new RankingMethod(
            "Plackett-Luce",
            "Rafailov et al. 2023, arXiv 2305.18290",
            RankingLoss.plackettLuce(BETA),
            RATE),
        new RankingMethod(
            "Stable Alignment",
            "Liu et al. 2023, arXiv 2305.16960",
            RankingLoss.stableAlignment(),
            RATE),
        new CringeMethod(
            "Cringe",
            "Adolphs et al. 2022, arXiv 2211.05826",
            CringeObjective.Gate.OPEN,
            CRINGE_RATE),
        new CringeMethod(
            "pairwise Cringe",
            "Xu et al. 2023, arXiv 2312.16682",
            CringeObjective.Gate.BY_MARGIN,
            CRINGE_RATE),
        new SecondThoughtsMethod(new Tuning(EDIT_RATE, Tuning.BATCH, 4)));
  }

  /** Learning from given answers and their rewards. */
  static List<AlignmentMethod> ofRatings() {
    return List.of(
        rated("A-LoL", AlolMethod.alol()),
        rated("A-LoL seq.", AlolMethod.alolSequence()),
        rated("A-LoL ref. free", AlolMethod.referenceFree()),
        rated("A-LoL KL", AlolMethod.kl(BETA)),
        rated("R-LoL", AlolMethod.rlol()),
        rated("GOLD", AlolMethod.gold()),
        rated("weighted cloning", AlolMethod.weightedCloning()));
  }

  /** Learning from, or choosing among, the model's own answers. */
  static List<AlignmentMethod> ofSamples() {
    return List.of(
        new BestOfMethod(4),
        new OnlineMethod(
            "online DPO", "Guo et al. 2024, arXiv 2402.04792", PreferenceLoss.dpo(BETA), RATE),
        new RaftMethod(
            "RAFT top share", "Dong et al. 2023, arXiv 2304.06767", RATE, Selection.topShare(0.25)),
        new RaftMethod(
            "RAFT KL-aware",
            "Dong et al. 2023, arXiv 2304.06767",
            RATE,
            Selection.bestPerPrompt().klAware(BETA)),
        new IlfMethod(new Tuning(ILF_RATE, Tuning.BATCH, 2)),
        groups(
            "Dr.GRPO",
            "Liu et al. 2025, arXiv 2503.20783",
            PolicyMethod.drGrpo(WorldReplies.TOKENS)),
        groups("DAPO", "Yu et al. 2025, arXiv 2503.14476", PolicyMethod.dapo()),
        groups("GSPO", "Zheng et al. 2025, arXiv 2507.18071", PolicyMethod.gspo()),
        groups("CISPO", "MiniMax 2025, arXiv 2506.13585", PolicyMethod.cispo()),
        groups("SAPO", "Gao et al. 2025, arXiv 2511.20347", PolicyVariants.sapo()),
        groups("VESPO", "TRL, loss_type vespo", PolicyVariants.vespo()),
        groups("LUSPO", "TRL, loss_type luspo", PolicyVariants.luspo()),
        groups("GMPO", "Zhao et al. 2025, arXiv 2507.20673", PolicyVariants.gmpo()),
        groups("GPG", "Chu et al. 2025, arXiv 2504.02546", PolicyVariants.gpg()),
        groups("OPO", "Hao et al. 2025, arXiv 2505.23585", PolicyVariants.opo()),
        groups(
            "REINFORCE++ baseline",
            "Hu 2025, arXiv 2501.03262",
            PolicyVariants.reinforcePlusPlusBaseline()),
        singles("REINFORCE++", "Hu 2025, arXiv 2501.03262", PolicyMethod.reinforcePlusPlus()),
        singles("ReMax", "Li et al. 2023, arXiv 2310.10505", PolicyVariants.reMax()),
        new SafeMethod(Methods.SINGLES));
  }

  private static AlignmentMethod pairs(String name, String paper, PreferenceLoss loss) {
    return new PairMethod(name, paper, loss, RATE);
  }

  private static AlignmentMethod rated(String name, AlolMethod method) {
    return new RatedMethod(name, "Baheti et al. 2023, arXiv 2305.14718", method, RATED_RATE);
  }

  private static AlignmentMethod groups(String name, String paper, PolicyMethod method) {
    return new PolicyGradientMethod(
        name, paper, method.withGroupSize(Methods.GROUP), Tuning.of(Methods.POLICY_RATE), null);
  }

  private static AlignmentMethod singles(String name, String paper, PolicyMethod method) {
    return new PolicyGradientMethod(name, paper, method, Methods.SINGLES, null);
  }
}
