"""Invented answers to the default form, plausible in size and marked as invented; the same seed gives the same."""

import random

from config.rehearsal.demo.clusters import DemoCluster

MARK = "【演示数据】"
# item → (value per 亿元 of output, spread, yearly growth in %, decimals); those without a base are absolute.
SCALED = {
    "output": (1.0, 0.0, 9.0, 2),
    "revenue": (0.94, 0.05, 8.0, 2),
    "value_added": (0.27, 0.15, 8.5, 2),
    "staff": (34.0, 0.3, 2.0, 0),
    "rd_spending": (0.041, 0.3, 12.0, 2),
    "patents": (1.05, 0.5, 15.0, 0),
    "energy": (0.14, 0.5, 1.5, 2),
    "exports": (0.021, 0.5, 6.0, 2),
    "foreign_capital": (0.0035, 0.5, 3.0, 2),
}
ABSOLUTE = {
    "market_share": (22, 14, 4.0, 2),
    "champions": (16, 9, 8.0, 0),
    "little_giants": (58, 30, 10.0, 0),
    "listed_firms": (19, 11, 5.0, 0),
    "standards": (64, 40, 9.0, 0),
    "quality_brands": (21, 12, 6.0, 0),
    "national_platforms": (6, 4, 8.0, 0),
    "provincial_platforms": (11, 6, 9.0, 0),
    "local_supply": (61, 14, 2.0, 2),
    "platform_adoption": (58, 18, 5.0, 2),
    "smart_factories": (17, 9, 12.0, 0),
    "talent": (210, 120, 9.0, 0),
    "organisation_staff": (18, 9, 6.0, 0),
    "organisation_income": (860, 420, 7.0, 2),
    "satisfaction": (92, 5, 0.5, 1),
}
NARRATIVE = {
    "territory": "集群以{place}为核心，辐射周边县（市、区），形成“核心区＋配套区”的空间格局。",
    "core_park": "{place}先进制造业示范园",
    "history": "集群起步于上世纪九十年代，经历了要素集聚、链条成形、创新引领三个阶段，现有规上企业数百家，覆盖研发、整机与服务。",
    "services": "促进机构每年组织供需对接、共性技术攻关、人才培训和国际展会，建有公共检测与中试平台。",
    "breakthroughs": "围绕“卡脖子”环节实施联合攻关，三年来完成突破十余项，多项由链主企业牵头、成员企业协同完成并量产。",
    "research_mechanism": "与省内外高校、科研院所共建联合实验室与产业创新联盟，形成“企业出题、院所解题、市场验题”的常态机制。",
    "chain": "主要环节本地可配套，链主企业发布需求清单并开放供应链，建立断点清单和备份供应机制，链条韧性持续增强。",
    "integration": "大企业向中小企业开放设备、订单与场景，建成共享工厂和供应链平台，专精特新企业数量逐年增长。",
    "cooperation": "与长三角兄弟城市建立产业链对接机制，联合招商、联合攻关、共用检测资源。",
    "exchange": "加强高层次人才引进和产城融合，参与国际标准制定，成员企业在海外设立研发中心和服务网点。",
    "rules": "设有理事会、专家委员会和秘书处，章程完备，重大事项民主决策，定期向成员公开工作与财务。",
    "plan": "制定三年行动计划，明确规模、创新、绿色、开放目标和重点项目清单，落实要素保障和政策支持。",
}


def credit_code(number: int) -> str:
    """A code that is well formed and given to nobody: its organisation part counts the demo's own."""
    from stdnum.cn import uscc

    body = f"5232{0:02}00DEM{number:06}"[:17].replace("I", "1").replace("O", "0")
    return body + uscc.calc_check_digit(body)


def figures(cluster: DemoCluster, years, seed: int) -> dict:
    """{item: {values, source}} for every item that is not computed; merit tilts what is good."""
    dice = random.Random(f"{seed}:{cluster.key}")
    tilt = (cluster.merit - 84) / 40
    table = {}
    for item, (base, spread, growth, decimals) in {**SCALED, **ABSOLUTE}.items():
        last = base * (cluster.scale if item in SCALED else 1)
        if item in SCALED:
            last *= 1 + spread * (dice.random() - 0.5)
        else:
            last += spread * (dice.random() - 0.5)
        if item != "output":
            last *= 1 - tilt / 2 if item == "energy" else 1 + tilt
        yearly = growth + dice.uniform(-2.5, 2.5)
        values = {}
        for back, year in enumerate(reversed(years)):
            value = last / (1 + yearly / 100) ** back
            if item in ("market_share", "local_supply", "platform_adoption", "satisfaction"):
                value = min(value, 98.5)
            values[str(year)] = f"{value:.{decimals}f}"
        table[item] = {"values": {str(year): values[str(year)] for year in years}, "source": f"{MARK}统计年报"}
    return table


def answers(cluster: DemoCluster, years, *, code: str, seed: int) -> dict:
    """Every answer of the default form but its files."""
    place = cluster.name_zh.removesuffix("集群")[:12]
    dice = random.Random(f"{seed}:{cluster.key}:text")
    return {
        "truthful": True,
        "no_veto_item": True,
        "publication_consent": True,
        "development_model": dice.choice(["radiation", "leading_firm", "leading_firm", "resources"]),
        **{field: (MARK if field != "core_park" else "") + text.format(place=place) for field, text in NARRATIVE.items()},
        "area": f"{dice.uniform(20, 95):.2f}",
        "industry_codes": dice.choice(["C3921", "C3922,C3979", "C3511", "C2651", "C3825", "C2710"]),
        "credit_code": code,
        "organisation_kind": dice.choice(["association", "institution", "association"]),
        "capital": f"{dice.randrange(50, 800)}.00",
        "figures": figures(cluster, years, seed),
    }
