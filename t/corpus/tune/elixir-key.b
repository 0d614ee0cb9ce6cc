exit 1
subject key :b not found in: %{}
subject (KeyError) key :b not found in: %{}
output 188
2026-03-04 09:53:09.549800Z job 7409
** (KeyError) key :b not found in: %{}
    :erlang.map_get(:b, %{})
    ex/job.exs:7: (file)
    (elixir 1.14.0) lib/code.ex:1245: Code.require_file/2

output 188
2026-07-19 02:03:37.185535Z job 8771
** (KeyError) key :b not found in: %{}
    :erlang.map_get(:b, %{})
    ex/job.exs:7: (file)
    (elixir 1.14.0) lib/code.ex:1245: Code.require_file/2

