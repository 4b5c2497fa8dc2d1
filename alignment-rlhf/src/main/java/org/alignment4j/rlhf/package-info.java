/**
 * Training from feedback, over the runtime's decoder models.
 *
 * <ul>
 *   <li>Demonstrations: {@link org.alignment4j.rlhf.SftTrainer}.
 *   <li>Preferences: {@link org.alignment4j.rlhf.PreferenceTrainer} (pairs), {@link
 *       org.alignment4j.rlhf.UnpairedTrainer} (single labels), {@link
 *       org.alignment4j.rlhf.RankingTrainer}, {@link org.alignment4j.rlhf.CringeTrainer}, {@link
 *       org.alignment4j.rlhf.HindsightTrainer}, {@link org.alignment4j.rlhf.AlolTrainer} (rated
 *       answers).
 *   <li>Own answers: {@link org.alignment4j.rlhf.PolicyTrainer} (reinforcement learning), {@link
 *       org.alignment4j.rlhf.OnlinePreferenceTrainer}, {@link org.alignment4j.rlhf.RaftTrainer}.
 *   <li>Reward models: {@link org.alignment4j.rlhf.RewardModelTrainer}, {@link
 *       org.alignment4j.rlhf.RankingRewardTrainer}, {@link org.alignment4j.rlhf.CostModelTrainer},
 *       {@link org.alignment4j.rlhf.OutcomeRewardTrainer}, {@link
 *       org.alignment4j.rlhf.StepRewardTrainer}.
 * </ul>
 *
 * <p>All have the settings of {@link org.alignment4j.rlhf.TrainerSettings} and are immutable.
 */
@NullMarked
package org.alignment4j.rlhf;

import org.jspecify.annotations.NullMarked;
