using LlmKit.Orchestration.Routing.Drafts;
using LlmKit.Orchestration.Routing.Learning;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>The checks that a cascade can hold drafts to. Give them to <see cref="RouterOptions.Verify"/>, the cheapest first: the first that does not accept ends it.</summary>
public static class DraftChecks
{
    private const double Suspicious = 2.25;
    private const double JudgedGood = 0.5;

    /// <summary>Gets the least that a draft must be: not cut off, not empty, and of the form that the request asks for, such as JSON of its schema. A call of a tool is whole.</summary>
    public static DraftCheck Format { get; } = new FormatCheck();

    /// <summary>Accepts drafts that raise no suspicion by rules, where there is nothing to learn from: sums that do not hold, no end, no result, much said.</summary>
    /// <param name="threshold">The suspicion from which the next model is asked, see <see cref="DraftSuspicion"/>; 2.25 by default, which a wrong sum reaches, and a draft of some length that has no end. Calibrate it with <see cref="Orchestration.Routing.Evaluation.ThresholdCalibration"/>.</param>
    /// <returns>The check.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is no number.</exception>
    public static DraftCheck Rules(double threshold = Suspicious) =>
        new ScoreCheck("rules", FormattableString.Invariant($"1@{Number(threshold)}"), threshold, static draft => DraftSuspicion.Of(draft.Prompt, draft.Text));

    /// <summary>Accepts drafts by what recorded outcomes taught.</summary>
    /// <param name="model">The gain model, fitted with <see cref="GainModel.FitDrafts"/>; of too few examples it goes by the prompt's length and the steps say so.</param>
    /// <param name="threshold">The predicted gain from which the next model is asked; calibrate it with <see cref="Orchestration.Routing.Evaluation.ThresholdCalibration"/>.</param>
    /// <returns>The check.</returns>
    /// <exception cref="ArgumentException">The gain model was fitted on prompts alone.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is no number.</exception>
    public static DraftCheck Learned(GainModel model, double threshold)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model is { ReadsDrafts: false, Basis: GainBasis.Learned })
            throw new ArgumentException("The gain model does not read drafts. Fit one with GainModel.FitDrafts, or choose by this one with RoutingPolicies.Learned.", nameof(model));
        return new ScoreCheck(
            model.Basis == GainBasis.Learned ? "learned" : "learned-by-length",
            FormattableString.Invariant($"{model.Version}@{Number(threshold)}"),
            threshold,
            draft => model.Predict(draft.Prompt, draft.Call.Feature, draft.Text));
    }

    /// <summary>Accepts a draft that most of several answers of the same model agree with. Each further answer is paid for; it ends as soon as the outcome is sure.</summary>
    /// <remarks>For answers that can be compared, such as results and labels: it says how sure the model is, not whether it is right. At temperature 0 all answers may be alike.</remarks>
    /// <param name="answers">How many answers count, the draft among them: from 2 to 20; 3 by default.</param>
    /// <param name="value">What of the answers must agree; <see cref="AnswerValues.Result"/> by default. An answer that holds no value, is cut off, has not the requested form or does not come agrees with none.</param>
    /// <param name="temperature">The temperature of the further answers; that of the request by default.</param>
    /// <returns>The check.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is another number of answers.</exception>
    public static DraftCheck Consistent(int answers = 3, IAnswerValue? value = null, float? temperature = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(answers, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(answers, 20);
        return new ConsistencyCheck(answers, value ?? AnswerValues.Result, temperature);
    }

    /// <summary>Lets a model judge drafts: one small call for each, with its own line of cost.</summary>
    /// <remarks>The question and the draft are given to the judge as data, quoted as JSON, and a verdict counts only with a mark that they cannot know. It sees the last message of the user and no other.</remarks>
    /// <param name="model">The registered model; best another one than the drafting.</param>
    /// <param name="threshold">The score, from 0 (surely no good answer) to 1, from which a draft is accepted; 0.5 by default.</param>
    /// <param name="criterion">What the answer must be, as you would say it to a person: "is correct and complete" by default.</param>
    /// <returns>The check.</returns>
    public static DraftCheck Judge(string model, double threshold = JudgedGood, string criterion = "is correct and complete")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(criterion);
        return new JudgeDraftCheck(model, Number(threshold), criterion);
    }

    /// <summary>Checks drafts with a function of one's own.</summary>
    /// <param name="name">The name in steps.</param>
    /// <param name="accept">Says whether the draft may be the answer; thread-safe.</param>
    /// <returns>The check.</returns>
    public static DraftCheck Of(string name, Func<ModelDraft, bool> accept)
    {
        ArgumentNullException.ThrowIfNull(accept);
        return Of(name, (draft, _) => new(new DraftVerdict(accept(draft))));
    }

    /// <summary>Checks drafts with a function of one's own that may wait, and ask models with child calls.</summary>
    /// <param name="name">The name in steps.</param>
    /// <param name="verify">Gives the verdict; thread-safe.</param>
    /// <returns>The check.</returns>
    public static DraftCheck Of(string name, Func<ModelDraft, CancellationToken, ValueTask<DraftVerdict>> verify)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(verify);
        return new DelegateDraftCheck(name, verify);
    }

    /// <summary>Accepts what every check accepts. They are asked in order, and the first that does not accept ends it.</summary>
    /// <param name="checks">The checks, the cheapest first; at least one.</param>
    /// <returns>The check.</returns>
    /// <exception cref="ArgumentException">There is none, or one is null.</exception>
    public static DraftCheck All(params DraftCheck[] checks)
    {
        ArgumentNullException.ThrowIfNull(checks);
        return checks.Length == 0 || Array.Exists(checks, check => check is null)
            ? throw new ArgumentException("There is no check, or one is null. Give at least one, such as DraftChecks.Format.", nameof(checks))
            : new AllChecks(checks);
    }

    internal static DraftCheck Accepting(Func<ChatResponse, bool> accept) => Of("delegate", draft => accept(draft.Answer));

    private static double Number(double threshold) =>
        double.IsNaN(threshold) ? throw new ArgumentOutOfRangeException(nameof(threshold), "The threshold is no number. Give the score at which the verdict changes.") : threshold;
}
