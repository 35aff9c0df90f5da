import time
from dataclasses import replace
from datetime import timedelta
import pytest
from tests.engine import Clock, in_process, NOON
from tests.detect.service.demo import send, told
from trailkeeper.bootstrap import write_geo
from trailkeeper.demo import generate, incidents
async def test_try(service_settings, tmp_path):
    write_geo(tmp_path/"g.mmdb")
    async with in_process(replace(service_settings, mmdb=tmp_path/"g.mmdb"), Clock()) as service:
        org, token = await service.new_organization(time_zone="Europe/Berlin")
        t=time.time()
        n=await send(service, token, generate(NOON, target_events=40000))
        print("sent",n,time.time()-t); t=time.time()
        print(await service.services.detect.catch_up(), time.time()-t)
        s=await told(service, org)
        from collections import Counter
        print(Counter(d.rule_title for d in s.detections)); print(len(s.alerts))
        for i in incidents(NOON): print(i.kind, i.starts, i.user_email, i.addresses)
        for d in s.detections:
            print(d.hot_at, d.rule_title,d.grouped,d.count,d.state, d.reasons)
