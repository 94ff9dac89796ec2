using Evaluate;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
return await CommandTable.RunAsync(args, new(Console.Out, Console.Error), stop.Token);
