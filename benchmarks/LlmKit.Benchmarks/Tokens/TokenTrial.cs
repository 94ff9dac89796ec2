using LlmKit.Models;

namespace LlmKit.Benchmarks.Tokens;

/// <summary>What came of the calls of one workload: how wrong the estimates were, how many calls cost more than was reserved.</summary>
/// <param name="Uncorrected">The median error of the estimates without any correction, as a part of the real tokens.</param>
/// <param name="Corrected">The median error of the corrected estimates after the first calls.</param>
/// <param name="CorrectedP90">The error that nine of ten corrected estimates stay below, after the first calls.</param>
/// <param name="UnderReserved">The part of all calls whose worst case was below their real tokens.</param>
/// <param name="Reserved">The median of the worst case for each real token.</param>
internal sealed record TokenTrial(double Uncorrected, double Corrected, double CorrectedP90, double UnderReserved, double Reserved)
{
    /// <summary>The calls that only teach.</summary>
    public const int FirstCalls = 50;

    /// <summary>Sends the calls of several seeds, each to a model of which nothing is known, and reports the real tokens of each.</summary>
    public static TokenTrial Run(TokenWorkload workload, Tokenizer tokenizer, int calls, params int[] seeds)
    {
        var (uncorrected, corrected, reserved) = (new List<double>(), new List<double>(), new List<double>());
        var untaught = NewModel();
        foreach (var seed in seeds)
        {
            var model = NewModel();
            foreach (var (i, call) in workload.Calls(tokenizer, seed, calls).Index())
            {
                var request = new RequestFacts(call.Messages, call.Options);
                uncorrected.Add(Error(request.Tokens(untaught), call.Tokens));
                if (i >= FirstCalls)
                    corrected.Add(Error(request.Tokens(model), call.Tokens));
                reserved.Add(request.WorstTokens(model) / (double)call.Tokens);
                request.Teach(model, call: null, call.Tokens);
            }
        }

        return new(At(uncorrected, 0.5), At(corrected, 0.5), At(corrected, 0.9), reserved.Count(part => part < 1) / (double)reserved.Count, At(reserved, 0.5));
    }

    private static Model NewModel() => new("trial", new(), entry: null, provider: null, clientModelId: null);

    private static double Error(long estimate, long real) => Math.Abs(estimate / (double)real - 1);

    private static double At(List<double> values, double part)
    {
        values.Sort();
        return values[(int)(part * (values.Count - 1))];
    }
}
