Console.WriteLine("sealpost");
