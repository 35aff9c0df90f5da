import time
from datetime import timedelta
from sqlalchemy import insert as sa_insert
from tests.engine import NOON, an_event, insert
from trailkeeper.access.tables import DirectoryRow
from trailkeeper.access.directory import _seen_values, SeenUser
from trailkeeper.access.people.busiest import *
from trailkeeper.principal import system_tenant
async def test_perf(metadata, events_engine):
    rows=[_seen_values(SeenUser("acme",f"user-{i:06}","",None,NOON,NOON,None,5,0)) for i in range(100_000)]
    async with metadata.transaction() as s:
        for k in range(0,100_000,5000): await s.execute(sa_insert(DirectoryRow),rows[k:k+5000])
    for k in range(5):
        await insert(events_engine,[an_event(user_id=f"user-{(i*7+k)%100000:06}",timestamp=NOON-timedelta(minutes=i%40000)) for i in range(60_000)])
    t=system_tenant("acme")
    async with metadata.reading() as s:
        for _ in range(3):
            b=time.perf_counter(); p=await list_busiest(s,events_engine,t,NOON); print("busiest",round((time.perf_counter()-b)*1000))
    b=time.perf_counter(); c=await recent_events(events_engine,t,[u.user_id for u in p.users],NOON); print("page counts",round((time.perf_counter()-b)*1000),len(c))
