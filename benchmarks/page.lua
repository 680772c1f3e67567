-- Requests for wrk: pages of a kind. `#` becomes a number below BENCH_COUNT, none of them twice
-- before all have been asked for; `@` becomes a number that no request had before.
local path = os.getenv("BENCH_TEMPLATE")
local count = tonumber(os.getenv("BENCH_COUNT"))
local turn = tonumber(os.getenv("BENCH_SEED")) * 4000 -- more than one run asks for
local headers = { Accept = "text/html" }

function request()
  turn = turn + 1
  -- A stride that is prime to any count here visits the numbers in no order of the store.
  local number = turn * 104729 % count
  return wrk.format("GET", (path:gsub("#", number):gsub("@", turn)), headers)
end

dofile("benchmarks/done.lua")
